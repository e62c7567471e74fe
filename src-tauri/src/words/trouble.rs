//! Why the program cannot start, and what to do about it.
//!
//! Each trouble is one that a person can act on; what they can do differs, so each has words of its own. A message says what
//! happened, that the shop's chats are safe where they are, and what to do now.

use std::io::ErrorKind;

use mostrador_api::OpenShopError;
use mostrador_engine::EngineError;
use mostrador_store::{StoreError, StoreErrorKind};

use super::Words;

/// A reason for which the program cannot start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Another program works with the data folder.
    InUse,
    /// The data is from a newer version of the program.
    NewerVersion,
    /// The disk is full.
    DiskFull,
    /// The data folder may not be written to.
    ReadOnly,
    /// The data folder or a file in it cannot be used for another reason.
    Unusable,
    /// The practice shop did not open.
    Practice,
    /// No folder for data is known.
    NoFolder,
    /// There is no screen to open a window on.
    NoScreen,
    /// The system's web view did not open.
    NoWebView,
}

/// What is said of each trouble, given the data folder.
pub struct TroubleWords {
    /// Above the message.
    pub title: &'static str,
    /// What happened and what to do.
    pub message: fn(Trouble, &str) -> String,
}

impl Trouble {
    /// The words of it: a title and a message.
    pub fn said(self, words: &Words, folder: &str) -> (&'static str, String) {
        (words.trouble.title, (words.trouble.message)(self, folder))
    }
}

impl From<&OpenShopError> for Trouble {
    fn from(error: &OpenShopError) -> Self {
        match error {
            OpenShopError::InUse => Self::InUse,
            OpenShopError::Folder(error) => error.into(),
            OpenShopError::Store(error) | OpenShopError::Engine(EngineError::Store(error)) => of_store(error),
            OpenShopError::Engine(_) => Self::Unusable,
            OpenShopError::Practice(_) => Self::Practice,
        }
    }
}

/// The data folder, or a file in it.
impl From<&std::io::Error> for Trouble {
    fn from(error: &std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull,
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            _ => Self::Unusable,
        }
    }
}

fn of_store(error: &StoreError) -> Trouble {
    match error.kind {
        StoreErrorKind::Full => Trouble::DiskFull,
        StoreErrorKind::Busy => Trouble::InUse,
        StoreErrorKind::ReadOnly => Trouble::ReadOnly,
        StoreErrorKind::NewerVersion => Trouble::NewerVersion,
        StoreErrorKind::Damaged
        | StoreErrorKind::NotFound
        | StoreErrorKind::StateChanged
        | StoreErrorKind::WrittenTo
        | StoreErrorKind::Closed
        | StoreErrorKind::Other => Trouble::Unusable,
    }
}

pub(super) const ES: TroubleWords = TroubleWords {
    title: "Mostrador no puede abrir",
    message: |trouble, folder| {
        match trouble {
        Trouble::InUse => format!(
            "Otro Mostrador ya trabaja con estos datos:\n{folder}\n\nUsa la ventana que ya está abierta, o cierra ese programa y vuelve a abrir este."
        ),
        Trouble::NewerVersion => format!(
            "Los datos son de una versión más nueva de Mostrador:\n{folder}\n\nNo se ha cambiado nada. Instala la versión más nueva y vuelve a abrir."
        ),
        Trouble::DiskFull => format!(
            "El disco está lleno y no se puede guardar nada en:\n{folder}\n\nTus chats siguen ahí. Libera espacio y vuelve a abrir."
        ),
        Trouble::ReadOnly => format!(
            "Mostrador no tiene permiso para escribir en:\n{folder}\n\nDa a tu usuario permiso de escritura en esa carpeta y vuelve a abrir."
        ),
        Trouble::Unusable => format!(
            "No se puede usar la carpeta de datos:\n{folder}\n\nComprueba que el disco está conectado y que la carpeta se puede abrir. No se ha borrado nada."
        ),
        Trouble::Practice => format!(
            "La tienda de práctica no se pudo abrir con los datos de:\n{folder}\n\nCierra y vuelve a intentarlo. Si no basta, borra el archivo practice.json de esa carpeta: la práctica empezará de nuevo."
        ),
        Trouble::NoFolder => {
            "No se sabe dónde guardar los datos, porque este usuario no tiene carpeta personal.\n\nIndica una al abrir: mostrador --data CARPETA".to_owned()
        }
        Trouble::NoScreen => {
            "No hay pantalla donde abrir la ventana.\n\nAbre Mostrador desde tu escritorio, o usa mostrador-headless en un equipo sin pantalla.".to_owned()
        }
        Trouble::NoWebView => {
            "El sistema no pudo abrir la ventana.\n\nActualiza el sistema (en Linux, el paquete libwebkit2gtk-4.1) y vuelve a abrir.".to_owned()
        }
    }
    },
};

pub(super) const PT_BR: TroubleWords = TroubleWords {
    title: "O Mostrador não pode abrir",
    message: |trouble, folder| {
        match trouble {
        Trouble::InUse => format!(
            "Outro Mostrador já trabalha com estes dados:\n{folder}\n\nUse a janela que já está aberta, ou feche aquele programa e abra este de novo."
        ),
        Trouble::NewerVersion => format!(
            "Os dados são de uma versão mais nova do Mostrador:\n{folder}\n\nNada foi alterado. Instale a versão mais nova e abra de novo."
        ),
        Trouble::DiskFull => format!(
            "O disco está cheio e não é possível gravar em:\n{folder}\n\nSuas conversas continuam lá. Libere espaço e abra de novo."
        ),
        Trouble::ReadOnly => format!(
            "O Mostrador não tem permissão para gravar em:\n{folder}\n\nDê ao seu usuário permissão de escrita nessa pasta e abra de novo."
        ),
        Trouble::Unusable => format!(
            "Não é possível usar a pasta de dados:\n{folder}\n\nVerifique se o disco está conectado e se a pasta pode ser aberta. Nada foi apagado."
        ),
        Trouble::Practice => format!(
            "A loja de treino não pôde abrir com os dados de:\n{folder}\n\nFeche e tente de novo. Se não bastar, apague o arquivo practice.json dessa pasta: o treino começará do zero."
        ),
        Trouble::NoFolder => {
            "Não se sabe onde guardar os dados, porque este usuário não tem pasta pessoal.\n\nIndique uma ao abrir: mostrador --data PASTA".to_owned()
        }
        Trouble::NoScreen => {
            "Não há tela onde abrir a janela.\n\nAbra o Mostrador no seu ambiente gráfico, ou use o mostrador-headless em um computador sem tela.".to_owned()
        }
        Trouble::NoWebView => {
            "O sistema não conseguiu abrir a janela.\n\nAtualize o sistema (no Linux, o pacote libwebkit2gtk-4.1) e abra de novo.".to_owned()
        }
    }
    },
};

pub(super) const EN: TroubleWords = TroubleWords {
    title: "Mostrador cannot open",
    message: |trouble, folder| {
        match trouble {
        Trouble::InUse => format!(
            "Another Mostrador is already working with this data:\n{folder}\n\nUse the window that is open, or close that program and open this one again."
        ),
        Trouble::NewerVersion => format!(
            "The data is from a newer version of Mostrador:\n{folder}\n\nNothing was changed. Install the newer version and open it again."
        ),
        Trouble::DiskFull => format!(
            "The disk is full, nothing can be saved in:\n{folder}\n\nYour chats are still there. Free some space and open it again."
        ),
        Trouble::ReadOnly => format!(
            "Mostrador is not allowed to write to:\n{folder}\n\nGive your user write permission for that folder and open it again."
        ),
        Trouble::Unusable => format!(
            "The data folder cannot be used:\n{folder}\n\nCheck that the disk is connected and that the folder can be opened. Nothing was deleted."
        ),
        Trouble::Practice => format!(
            "The practice shop could not be opened with the data in:\n{folder}\n\nClose and try again. If that does not help, delete the file practice.json in that folder: practice will begin anew."
        ),
        Trouble::NoFolder => {
            "There is no place to keep the data, because this user has no home folder.\n\nName one when opening: mostrador --data FOLDER".to_owned()
        }
        Trouble::NoScreen => {
            "There is no screen to open the window on.\n\nOpen Mostrador from your desktop, or use mostrador-headless on a computer without a screen.".to_owned()
        }
        Trouble::NoWebView => {
            "The system could not open the window.\n\nUpdate the system (on Linux, the package libwebkit2gtk-4.1) and open it again.".to_owned()
        }
    }
    },
};

#[cfg(test)]
mod tests {
    use std::io::Error;

    use mostrador_api::dto::Language;

    use super::*;
    use crate::words;

    const ALL: [Trouble; 9] = [
        Trouble::InUse,
        Trouble::NewerVersion,
        Trouble::DiskFull,
        Trouble::ReadOnly,
        Trouble::Unusable,
        Trouble::Practice,
        Trouble::NoFolder,
        Trouble::NoScreen,
        Trouble::NoWebView,
    ];

    #[test]
    fn every_trouble_has_words_of_its_own_that_say_what_to_do() {
        for language in [Language::Es, Language::PtBr, Language::En] {
            let said: Vec<String> = ALL
                .iter()
                .map(|trouble| trouble.said(words::of(language), "/shop").1)
                .collect();
            for (trouble, message) in ALL.iter().zip(&said) {
                let parts: Vec<&str> = message.split("\n\n").collect();
                assert_eq!(
                    parts.len(),
                    2,
                    "{language:?} {trouble:?}: first what happened, then what to do"
                );
                assert_eq!(
                    said.iter().filter(|other| *other == message).count(),
                    1,
                    "{language:?} {trouble:?} is told apart"
                );
            }
        }
    }

    #[test]
    fn troubles_of_the_folder_name_it() {
        let words = words::of(Language::Es);
        for trouble in &ALL[..6] {
            let (_, message) = trouble.said(words, "/srv/tienda");
            assert!(
                message.contains("/srv/tienda"),
                "{trouble:?}: a person has to know which folder is meant"
            );
        }
    }

    #[test]
    fn what_the_shop_says_becomes_a_trouble_that_a_person_can_act_on() {
        let store = |kind| OpenShopError::Store(StoreError::of(kind));
        let folder = |kind: ErrorKind| OpenShopError::Folder(Error::from(kind));
        let cases = [
            (OpenShopError::InUse, Trouble::InUse),
            (store(StoreErrorKind::Busy), Trouble::InUse),
            (store(StoreErrorKind::NewerVersion), Trouble::NewerVersion),
            (store(StoreErrorKind::Full), Trouble::DiskFull),
            (folder(ErrorKind::StorageFull), Trouble::DiskFull),
            (store(StoreErrorKind::ReadOnly), Trouble::ReadOnly),
            (folder(ErrorKind::PermissionDenied), Trouble::ReadOnly),
            (folder(ErrorKind::NotADirectory), Trouble::Unusable),
            (store(StoreErrorKind::Damaged), Trouble::Unusable),
            (
                OpenShopError::Engine(StoreError::of(StoreErrorKind::Full).into()),
                Trouble::DiskFull,
            ),
            (OpenShopError::Practice("port".into()), Trouble::Practice),
        ];
        for (error, trouble) in cases {
            assert_eq!(Trouble::from(&error), trouble, "{error:?}");
        }
    }
}
