//! The page's process ends while the program goes on.

use crate::phone::Phone;
use crate::program::{Program, new_data};
use crate::walk::{enter_the_practice_shop, link, two_customers};
use crate::{desktop, turn};

const WINDOW: &str = "Mostrador";
const WRITTEN: &str = "¿Sigue abierto?";

#[tokio::test]
async fn a_page_that_ended_comes_back_and_the_open_chats_customers_are_announced() {
    let _turn = turn().await;
    let data = new_data();
    let program = Program::start(data.path()).await;
    let phone: Phone = enter_the_practice_shop(&program).await;
    link(&program.screen(), &phone).await;
    program.end().await;

    // A new start has the UI's page alone.
    let program = Program::start(data.path()).await;
    let (customer, _) = two_customers(&phone).await;
    program.screen().open_chat(&customer.name).await;
    let window = desktop::window(WINDOW).await;
    desktop::painted(&window, desktop::A_WHOLE_PAGE).await;
    desktop::clear_notifications().await;

    program.lose_the_page().await;

    desktop::painted(&window, desktop::A_WHOLE_PAGE).await;
    phone.write(&customer, WRITTEN).await;
    desktop::notifications(1).await;
    program.end().await;
}
