//! Files up and down, and stories.

use mostrador_domain::{Address, Failure, FailureCode, MediaKind, OutgoingFile, OutgoingMedia, UnknownCause};
use serde_json::{Value, json};

use super::{MALFORMED, health, linked_to, only_asked, rejected};
use crate::peer::Reply;
use crate::{Effect, Story, StoryAudience};

#[tokio::test]
async fn a_file_goes_up_as_it_is_and_gets_an_id() {
    let (peer, link) = linked_to(vec![Reply::json(200, r#"{"media":[{"id":"pdf-0a1b-2c3d"}]}"#)]).await;
    let uploads = link.uploads().expect("it takes files");
    let id = uploads
        .upload("application/pdf", &b"%PDF-1.7".to_vec().into())
        .await;
    assert_eq!(id.as_deref(), Ok("pdf-0a1b-2c3d"), "the id for the send");
    let request = peer.requests().remove(0);
    assert!(
        request.starts_with("POST /media HTTP/1.1"),
        "to the gateway's store"
    );
    assert!(
        request.contains("content-type: application/pdf"),
        "under its own type"
    );
    assert!(request.ends_with("\r\n\r\n%PDF-1.7"), "byte for byte");
}

#[tokio::test]
async fn an_upload_that_names_no_file_is_none() {
    for body in ["{}", r#"{"media":[]}"#, r#"{"media":[{"id":""}]}"#, "<html>", ""] {
        let (_peer, link) = linked_to(vec![Reply::json(200, body)]).await;
        let uploads = link.uploads().expect("it takes files");
        assert_eq!(
            uploads.upload("image/png", &vec![0; 3].into()).await,
            Err(MALFORMED),
            "{body:?} names no file; it may be uploaded again"
        );
    }
    let (peer, link) = linked_to(Vec::new()).await;
    let uploads = link.uploads().expect("it takes files");
    for mime in ["", "image", "a/b\r\nx: y", "imagen/ñ"] {
        assert_eq!(
            uploads.upload(mime, &vec![0; 3].into()).await,
            Err(rejected(FailureCode::MediaUnsupported)),
            "{mime:?} is no media type"
        );
    }
    assert!(peer.requests().is_empty(), "nothing left");
}

#[tokio::test]
async fn an_uploaded_file_is_taken_away_again() {
    let replies = vec![
        Reply::json(200, r#"{"success":true}"#),
        Reply::json(404, "{}"),
        health("AUTH"),
    ];
    let (_peer, link) = linked_to(replies).await;
    let uploads = link.uploads().expect("it takes files");
    assert_eq!(uploads.delete("pdf-0a1b-2c3d").await, Ok(Effect::Done), "gone");
    assert_eq!(
        uploads.delete("pdf-0a1b-2c3d").await,
        Ok(Effect::NothingThere),
        "gone already"
    );
}

fn film(kind: MediaKind, mime: &str) -> OutgoingMedia {
    OutgoingMedia {
        kind,
        caption: Some("recién salido".into()),
        mime: mime.into(),
        file_name: None,
        seconds: None,
        waveform: None,
        file: OutgoingFile::Uploaded("mp4-0a1b-2c3d".into()),
    }
}

async fn published(story: &Story, audience: &StoryAudience) -> (String, Value) {
    let answer = r#"{"sent":true,"message":{"id":"Story.1-b","chat_id":"stories"}}"#;
    let (peer, link) = linked_to(vec![Reply::json(200, answer)]).await;
    let stories = link.stories().expect("it publishes");
    let accepted = stories.publish(story, audience).await.expect("it is taken");
    assert_eq!(accepted.gateway_id, "Story.1-b", "the id that receipts will name");
    only_asked(&peer)
}

#[tokio::test]
async fn stories_have_a_path_by_what_they_are_and_an_audience() {
    let words = Story::Text {
        words: "hoy hay lúcuma".into(),
        background: Some("#a0522d".into()),
    };
    let julia = || vec![Address::parse("51900000022")];
    let (line, body) = published(&words, &StoryAudience::AsOnPhone).await;
    assert_eq!(line, "POST /stories/send/text", "words");
    assert_eq!(
        body,
        json!({"caption": "hoy hay lúcuma", "background_color": "#a0522d"}),
        "on a colour"
    );

    let film_story = Story::Media(film(MediaKind::Video, "video/mp4"));
    let (line, body) = published(&film_story, &StoryAudience::Only(julia())).await;
    assert_eq!(line, "POST /stories/send/media", "a film");
    assert_eq!(
        body,
        json!({"media": "mp4-0a1b-2c3d", "caption": "recién salido", "contacts": ["51900000022"]}),
        "for one person"
    );

    let sound = OutgoingMedia {
        caption: None,
        ..film(MediaKind::Audio, "audio/mpeg")
    };
    let (line, body) = published(&Story::Media(sound), &StoryAudience::Except(julia())).await;
    assert_eq!(line, "POST /stories/send/audio", "a sound");
    assert_eq!(
        body["exclude_contacts"],
        json!(["51900000022"]),
        "for all but one"
    );
}

#[tokio::test]
async fn a_story_that_would_be_refused_or_reach_others_never_leaves() {
    let (peer, link) = linked_to(Vec::new()).await;
    let text = |words: &str, background: Option<&str>| Story::Text {
        words: words.into(),
        background: background.map(str::to_owned),
    };
    let everybody = StoryAudience::AsOnPhone;
    let refused = [
        (text("", None), &everybody),
        (text("x", Some("red")), &everybody),
        (Story::Media(film(MediaKind::Document, "text/plain")), &everybody),
        (text("x", None), &StoryAudience::Only(Vec::new())),
        (
            text("x", None),
            &StoryAudience::Except(vec![Address::parse("1203@g.us")]),
        ),
    ];
    for (case, (story, audience)) in refused.into_iter().enumerate() {
        assert_eq!(
            link.stories()
                .expect("it publishes")
                .publish(&story, audience)
                .await,
            Err(rejected(FailureCode::RefusedContent)),
            "case {case}"
        );
    }
    assert!(peer.requests().is_empty(), "nothing left");
}

#[tokio::test]
async fn a_story_without_an_answer_is_unknown_and_not_published_again() {
    let (peer, link) = linked_to(vec![Reply::Cut]).await;
    let story = Story::Text {
        words: "x".into(),
        background: None,
    };
    let failure = link
        .stories()
        .expect("it publishes")
        .publish(&story, &StoryAudience::AsOnPhone)
        .await
        .err();
    let cut = Failure::Unknown {
        cause: UnknownCause::Cut,
    };
    assert_eq!(failure, Some(cut), "it may be there");
    assert_eq!(peer.requests().len(), 1, "once");
}

#[tokio::test]
async fn a_picture_is_fetched_without_the_token_and_never_from_elsewhere() {
    let (peer, link) = linked_to(vec![Reply::bytes(200, "image/png", &[7; 9])]).await;
    let pictures = link.pictures().expect("it has pictures");
    let mut bytes = Vec::new();
    let here = peer.url().join("pictures/1?v=2").expect("an address");
    assert_eq!(
        pictures.fetch(here.as_str(), 9, &mut bytes).await,
        Ok(()),
        "its own"
    );
    assert_eq!(bytes, [7; 9], "byte for byte");
    let request = peer.requests().remove(0);
    assert!(
        request.starts_with("GET /pictures/1?v=2 HTTP/1.1"),
        "as it was told"
    );
    for word in ["authorization", super::CANARY, "referer", "cookie"] {
        assert!(!request.to_lowercase().contains(word), "{word} stays at home");
    }
    for elsewhere in [
        "http://127.0.0.1:1/1",
        "http://pps.pictures.example/1",
        "https://192.168.1.1/1",
        "file:///etc/passwd",
        "",
    ] {
        assert_eq!(
            pictures.fetch(elsewhere, 9, &mut bytes).await,
            Err(rejected(FailureCode::MediaMissing)),
            "{elsewhere:?} is not this gateway's"
        );
    }
    assert_eq!(peer.requests().len(), 1, "nobody else was asked");
}

#[tokio::test]
async fn a_picture_that_is_too_large_or_moved_is_none() {
    let moved = "HTTP/1.1 302 x\r\nlocation: https://pictures.example/1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let replies = vec![
        Reply::bytes(200, "image/png", &[7; 10]),
        Reply::json(404, "{}"),
        Reply::raw(moved),
    ];
    let (peer, link) = linked_to(replies).await;
    let pictures = link.pictures().expect("it has pictures");
    let here = peer.url().join("pictures/1").expect("an address");
    for expected in [
        rejected(FailureCode::TooLarge),
        rejected(FailureCode::MediaMissing),
        Failure::Unknown {
            cause: UnknownCause::UnexpectedStatus(302),
        },
    ] {
        let fetched = pictures.fetch(here.as_str(), 9, &mut Vec::new()).await;
        assert_eq!(fetched, Err(expected), "and nothing is followed");
    }
}
