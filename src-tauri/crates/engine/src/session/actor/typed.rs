//! A code to type on the phone: asked for by a person, for one number.
//!
//! The question stands until it is answered, refused, or the gateway was busy for too long. Whoever asked is told the first
//! answer; what they see meanwhile stays as it is, so that a refused question takes no QR code off the screen. The number
//! lives in the question and nowhere else: it is neither stored nor written to the log, and a restart forgets it.

use std::time::Duration;

use mostrador_domain::{Address, DeviceEvent, DeviceState, Failure, FailureCode, NotSentCause, TypedCode};
use mostrador_gateways::{CodeAnswer, TypedCodeAnswer};
use tokio::sync::oneshot;

use super::{Actor, Ask, SOON};
use crate::EngineError;

/// How often a gateway that has no code yet is asked before we say that there is none.
const TRIES: u32 = 15;

/// A code to type that was asked for.
pub(super) struct Question {
    number: Address,
    asker: Option<oneshot::Sender<Result<(), EngineError>>>,
    tries: u32,
}

impl Question {
    /// Tells whoever asked, once.
    fn tell(&mut self, outcome: Result<(), EngineError>) {
        if let Some(asker) = self.asker.take() {
            let _asker_gone = asker.send(outcome);
        }
    }
}

impl Actor {
    /// Takes the question up, or says why not. A newer one takes the place of an older.
    pub(super) fn ask_for_typed(&mut self, number: Address, asker: oneshot::Sender<Result<(), EngineError>>) {
        let mut question = Question {
            number,
            asker: Some(asker),
            tries: 0,
        };
        if !self.desk.link.capabilities().pairing.code || self.desk.link.pairing().is_none() {
            return question.tell(Err(EngineError::NotOffered));
        }
        let resting = matches!(
            &*self.state.borrow(),
            DeviceState::LoggedOut | DeviceState::Connecting
        );
        if resting {
            self.start_pairing();
        }
        match &*self.state.borrow() {
            DeviceState::Pairing(_) => {}
            state if state.is_linked() => return question.tell(Err(EngineError::AlreadyLinked)),
            _ => return question.tell(Err(EngineError::NotPairing)),
        }
        self.waking = false;
        self.question = Some(question);
    }

    /// The question to put to the gateway, if one stands.
    pub(super) fn typed_plan(&self) -> Option<(Option<Ask>, Duration)> {
        let question = self.question.as_ref()?;
        let pairing = matches!(&*self.state.borrow(), DeviceState::Pairing(_));
        let after = if self.waking { SOON } else { Duration::ZERO };
        pairing.then(|| (Some(Ask::TypedCode(question.number.clone())), after))
    }

    /// What the gateway says to the question.
    pub(super) fn take_typed(&mut self, answer: Result<TypedCodeAnswer, Failure>) {
        let Some(mut question) = self.question.take() else {
            return;
        };
        let outcome = match answer {
            Ok(TypedCodeAnswer::Code { code, valid_for }) => {
                self.failures = 0;
                let expires_at = self.desk.shared.clock.now().after(valid_for);
                self.step(&DeviceEvent::TypedCodeShown(TypedCode { code, expires_at }));
                Ok(())
            }
            Ok(TypedCodeAnswer::Passkey) => {
                self.step(&DeviceEvent::PasskeyAsked);
                Ok(())
            }
            Ok(TypedCodeAnswer::AlreadyLinked) => {
                self.ask_now = true;
                Err(EngineError::AlreadyLinked)
            }
            Ok(TypedCodeAnswer::Waiting) => return self.ask_once_more(question),
            Err(failure) if is_busy(&failure) => return self.ask_once_more(question),
            Err(failure) => Err(refused(failure)),
        };
        if outcome.is_err() && question.asker.is_none() {
            // Nobody waits for the answer any more: the screen says that there is no code.
            self.step(&DeviceEvent::CodeExpired);
        }
        question.tell(outcome);
    }

    /// The gateway is preparing the code. Whoever asked sees that it is on its way.
    fn ask_once_more(&mut self, mut question: Question) {
        question.tries += 1;
        question.tell(Ok(()));
        if question.tries >= TRIES {
            return self.step(&DeviceEvent::CodeExpired);
        }
        self.step(&DeviceEvent::PairingAsked);
        self.waking = true;
        self.question = Some(question);
    }

    /// The code's time is over, and no passkey is asked for.
    pub(super) fn typed_ended(&mut self, answer: Result<CodeAnswer, Failure>) {
        self.ask_now = answer == Ok(CodeAnswer::AlreadyLinked);
        if !self.ask_now {
            self.step(&DeviceEvent::CodeExpired);
        }
    }
}

fn is_busy(failure: &Failure) -> bool {
    let Failure::NotSent { cause, .. } = failure else {
        return false;
    };
    *cause == NotSentCause::NotReady
}

/// What a refusal means to the person who asked.
fn refused(failure: Failure) -> EngineError {
    match failure {
        Failure::Rejected {
            code: FailureCode::RefusedRecipient,
            ..
        } => EngineError::NumberInvalid,
        Failure::Rejected {
            code: FailureCode::NotLinked,
            ..
        } => EngineError::NotOffered,
        failure => failure.into(),
    }
}
