use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use cpal::traits::{DeviceTrait as _, HostTrait as _, StreamTrait as _};
use cpal::{FromSample, SampleFormat, SizedSample, Stream};

use crate::{Ear, MOST, VoiceError, encode};

/// So many pieces may wait to be encoded; then the microphone's own thread waits.
const WAITING: usize = 64;

/// The microphone, while it is listened to. Dropped, it is let go and nothing is kept.
pub struct Recording {
    stream: Stream,
    encoded: JoinHandle<Result<Option<Vec<u8>>, VoiceError>>,
}

impl Recording {
    /// Begins to listen to the microphone that the computer has chosen. Waits for it: not for a thread that must not.
    pub fn begin() -> Result<Self, VoiceError> {
        let device = cpal::default_host()
            .default_input_device()
            .ok_or_else(|| VoiceError::NoMicrophone("there is none".to_owned()))?;
        let found = device.default_input_config().map_err(no_microphone)?;
        let ear = Ear::new(found.channels(), found.sample_rate());
        let (told, heard) = sync_channel(WAITING);
        let config = found.config();
        let stream = match found.sample_format() {
            SampleFormat::F32 => listen::<f32>(&device, config, told),
            SampleFormat::I16 => listen::<i16>(&device, config, told),
            SampleFormat::I32 => listen::<i32>(&device, config, told),
            SampleFormat::U8 => listen::<u8>(&device, config, told),
            SampleFormat::U16 => listen::<u16>(&device, config, told),
            other => Err(VoiceError::NoMicrophone(format!("it speaks {other}"))),
        }?;
        let encoded = std::thread::Builder::new()
            .name("voice".to_owned())
            .spawn(move || encode(ear, heard, MOST))
            .map_err(no_microphone)?;
        stream.play().map_err(no_microphone)?;
        Ok(Self { stream, encoded })
    }

    /// Stops listening; the file, or none if nothing was heard.
    pub fn end(self) -> Result<Option<Vec<u8>>, VoiceError> {
        let Self { stream, encoded } = self;
        drop(stream);
        encoded.join().map_err(|_| VoiceError::Lost)?
    }
}

fn no_microphone(error: impl std::fmt::Display) -> VoiceError {
    VoiceError::NoMicrophone(error.to_string())
}

fn listen<T: SizedSample>(
    device: &cpal::Device,
    config: cpal::StreamConfig,
    told: SyncSender<Vec<f32>>,
) -> Result<Stream, VoiceError>
where
    f32: FromSample<T>,
{
    device
        .build_input_stream(
            config,
            move |sound: &[T], _| {
                let sound = sound.iter().map(|one| f32::from_sample_(*one)).collect();
                // Nobody listens any more: the message is as long as it may be.
                let _told = told.send(sound);
            },
            |error| tracing::warn!(%error, "the microphone stopped or stumbled"),
            None,
        )
        .map_err(no_microphone)
}
