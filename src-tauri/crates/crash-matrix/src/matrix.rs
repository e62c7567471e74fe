//! The two halves of the matrix: a death at a named point, and a row of random kills.
//!
//! Each run has a folder, a program and a practice shop of its own, so that many can run side by side. A run ends with one more
//! start without faults, in which everything has to come to rest, and with a verdict. What a run that found something leaves
//! behind (the data folder, the program's log, the whole case) is kept.

use std::path::{Path, PathBuf};
use std::time::Duration;

use mostrador_engine::clock::{Clock, SystemClock};

use crate::dice::Dice;
use crate::judge::{Case, Verdict, Weather, judge};
use crate::practice::Practice;
use crate::program::{Line, Place, Program};
use crate::traffic::{Customers, Operator};
use crate::{Broken, logged, settling, weather};

/// How long a program may take until it passes a named point.
const POINT: Duration = Duration::from_secs(90);
/// How long a program may take until it is linked and shows chats.
const LINK: Duration = Duration::from_secs(60);
/// The longest life between two kills.
const LIFE: Duration = Duration::from_millis(2_600);
/// The longest life of one that is killed while it starts.
const BIRTH: Duration = Duration::from_millis(160);

/// What a run is made of.
pub struct Run {
    name: String,
    seed: u64,
    folder: PathBuf,
    place: Place,
    practice: Practice,
    operator: Operator,
    customers: Customers,
    chats: Vec<i64>,
    /// What has gone wrong on purpose so far.
    weather: Weather,
}

impl Run {
    /// A run called `name`, which keeps everything in a folder of that name in `folder`.
    ///
    /// # Errors
    /// The practice shop does not answer.
    pub async fn new(
        name: &str,
        seed: u64,
        program: &Path,
        practice: Practice,
        folder: &Path,
    ) -> Result<Self, Broken> {
        let customers = practice.customers().await?;
        let folder = folder.join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        Ok(Self {
            name: name.to_owned(),
            seed,
            place: Place::new(program, &folder.join("data")),
            folder,
            practice,
            operator: Operator::new(seed, name),
            customers: Customers::new(seed, name, customers),
            chats: Vec::new(),
            weather: Weather::default(),
        })
    }

    /// The program dies at the named point, from its very first start on, and is started again.
    ///
    /// # Errors
    /// The point is never passed, or the run cannot be made.
    pub async fn die_at(mut self, point: &str) -> Result<Verdict, Broken> {
        if let Some(mut program) = Program::start(&self.place, Some(point)).await? {
            let line = program.line();
            let died = tokio::select! {
                died = program.dies_within(POINT) => died?,
                ended = self.customers.write(&self.practice) => { ended?; false }
                () = live(&line, &self.practice, &mut self.operator, &mut self.chats) => false,
            };
            if !died {
                return Err(Broken::InVain(format!(
                    "the crash point {point} is passed within {POINT:?}"
                )));
            }
        }
        self.judged().await
    }

    /// The program is killed `kills` times at random moments.
    ///
    /// # Errors
    /// The run cannot be made.
    pub async fn killed(mut self, kills: usize, mut told: impl FnMut()) -> Result<Verdict, Broken> {
        let moments = Dice::new(self.seed, &format!("moments {}", self.name));
        let sky = Dice::new(self.seed, &format!("sky {}", self.name));
        self.link().await?;
        for _ in 0..kills {
            let kill = Weather {
                refusals: 0,
                tries: 1,
            };
            let turn = weather::turn(&self.practice, &sky).await?;
            self.weather = self.weather.and(turn).and(kill);
            if moments.percent(10) {
                Program::start_and_kill(&self.place, moments.span(BIRTH)).await?;
            } else {
                self.live_for(moments.span(LIFE)).await?;
            }
            told();
        }
        self.judged().await
    }

    /// One life up to a kill.
    async fn live_for(&mut self, span: Duration) -> Result<(), Broken> {
        let Some(mut program) = Program::start(&self.place, None).await? else {
            return Err(Broken::InVain("the program starts".to_owned()));
        };
        let line = program.line();
        tokio::select! {
            killed = program.kill_after(span) => killed,
            ended = self.customers.write(&self.practice) => ended,
            () = live(&line, &self.practice, &mut self.operator, &mut self.chats) => Ok(()),
        }
    }

    /// Links the number, on a first life without faults.
    async fn link(&mut self) -> Result<(), Broken> {
        let Some(program) = Program::start(&self.place, None).await? else {
            return Err(Broken::InVain("the program starts".to_owned()));
        };
        let line = program.line();
        line.plug_in(&self.practice).await;
        tokio::select! {
            chats = chats(&line, &self.practice) => self.chats = chats,
            () = SystemClock.sleep(LINK) => return Err(Broken::InVain("the number is linked".to_owned())),
        }
        program.kill().await
    }

    /// The last life, in which everything comes to rest, and what there is to say.
    async fn judged(self) -> Result<Verdict, Broken> {
        weather::clear(&self.practice).await?;
        let Some(program) = Program::start(&self.place, None).await? else {
            return Err(Broken::InVain("the program starts".to_owned()));
        };
        let line = program.line();
        line.plug_in(&self.practice).await;
        let come_to_rest = async {
            // It may have died before it was linked.
            chats(&line, &self.practice).await;
            settling::settled(&line, &self.customers.written).await
        };
        let shown = come_to_rest.await?;
        program.kill().await?;
        let (uncertain_in_store, set_aside) = settling::left_in(&self.place.data).await?;
        let mut secrets = self.practice.customers().await?;
        secrets.push(self.practice.token().to_owned());
        let case = Case {
            log: logged::lines(&self.place.data)?,
            secrets,
            ledger: self.practice.ledger().await?,
            asked: self.operator.asked,
            written: self.customers.written,
            shown,
            uncertain_in_store,
            set_aside,
            weather: self.weather,
        };
        let verdict = judge(&case);
        if verdict.is_clean() {
            std::fs::remove_dir_all(&self.folder)?;
        } else {
            let whole = serde_json::json!({ "seed": self.seed, "verdict": verdict, "case": case });
            std::fs::write(self.folder.join("case.json"), format!("{whole:#}"))?;
        }
        Ok(verdict)
    }
}

/// What the operator does with a living program: gives it the token, links it if need be, sends. Ends only when it is dropped.
async fn live(line: &Line, practice: &Practice, operator: &mut Operator, known: &mut Vec<i64>) {
    line.plug_in(practice).await;
    if known.is_empty() {
        *known = chats(line, practice).await;
    }
    operator.work(line, known).await;
}

/// The chats, once there are any; whatever code is on show on the way there is scanned.
pub(crate) async fn chats(line: &Line, practice: &Practice) -> Vec<i64> {
    loop {
        // Refused while no code is on show, or when the number is linked.
        let _scanned = practice.scan().await;
        match line.chats().await {
            Some(chats) if !chats.is_empty() => return chats,
            _ => SystemClock.sleep(Duration::from_millis(50)).await,
        }
    }
}
