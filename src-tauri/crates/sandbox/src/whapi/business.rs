//! The catalogue: products, collections, orders; and the shop's business card.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Refusal,
    entry::At,
    given::{Given, wrong},
    media::linked,
    page::Page,
    said::{Said, done},
    send,
};
use crate::world::{Catalogue, Collection, Content, Product};

const NO_PRODUCT: Refusal = Refusal::new(StatusCode::NOT_FOUND, "Specified product not found");
const NO_COLLECTION: Refusal = Refusal::new(
    StatusCode::BAD_REQUEST,
    "Wrong request parameters: no such collection",
);

fn shape(product: &Product) -> Value {
    json!({
        "id": product.id, "name": product.name, "description": product.description, "price": product.price,
        "currency": product.currency, "product_retailer_id": product.retailer_id, "images": product.images,
        "availability": if product.available { "in stock" } else { "out of stock" },
        "is_hidden": product.hidden, "url": product.url, "review": { "status": "APPROVED" },
    })
}

fn collection_shape(catalogue: &Catalogue, collection: &Collection) -> Value {
    let products = collection
        .products
        .iter()
        .filter_map(|id| catalogue.product(id))
        .map(shape);
    json!({
        "id": collection.id, "name": collection.name, "status": "APPROVED",
        "products": products.collect::<Vec<Value>>(),
    })
}

pub(super) async fn card(At(branch): At) -> Result<Said, Refusal> {
    branch.look(|world, _| {
        linked(world, "Need channel authorization")?;
        Ok(Said(json!({
            "id": world.shop().number.as_str(), "description": world.shop().about,
            "address": "Pasaje Los Olivos 120", "email": "", "websites": [],
            "hours": { "timeZone": "America/Lima", "config": [] },
        })))
    })
}

pub(super) async fn products(At(branch): At, page: Page) -> Result<Said, Refusal> {
    branch.look(|world, _| {
        linked(world, "Need channel authorization")?;
        Ok(Said(page.cut("products", &world.catalogue().products, shape)))
    })
}

/// Somebody else's catalogue: in this world only the shop has one.
pub(super) async fn products_of(At(branch): At, Path(id): Path<String>, page: Page) -> Result<Said, Refusal> {
    branch.look(|world, _| {
        linked(world, "Need channel authorization")?;
        if id == world.shop().number.as_str() {
            return Ok(Said(page.cut("products", &world.catalogue().products, shape)));
        }
        world
            .contact(&id)
            .ok_or(Refusal::not_found("Specified user not found"))?;
        Ok(Said(page.cut::<Product>("products", &[], shape)))
    })
}

pub(super) async fn product(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.look(|world, _| {
        linked(world, "Need channel authorization")?;
        Ok(Said(shape(world.catalogue().product(&id).ok_or(NO_PRODUCT)?)))
    })
}

/// Puts what a request gives into a product.
fn written(given: &Given, mut product: Product) -> Result<Product, Refusal> {
    let texts: [(&str, &mut String); 5] = [
        ("name", &mut product.name),
        ("description", &mut product.description),
        ("currency", &mut product.currency),
        ("product_retailer_id", &mut product.retailer_id),
        ("url", &mut product.url),
    ];
    for (field, text) in texts {
        if let Some(said) = given.said(field)? {
            *text = said;
        }
    }
    if let Some(price) = given.number("price")? {
        product.price = Some(price).filter(|price| *price >= 0.0).ok_or_else(wrong)?;
    }
    match given.text("availability")? {
        Some("in stock") => product.available = true,
        Some("out of stock") => product.available = false,
        Some(_) => return Err(wrong()),
        None => {}
    }
    product.hidden = given.truth("is_hidden")?.unwrap_or(product.hidden);
    let images = given.texts("images")?;
    if !images.is_empty() {
        product.images = images;
    }
    Ok(product)
}

pub(super) async fn make_product(At(branch): At, given: Given) -> Result<Said, Refusal> {
    for field in ["name", "description", "currency"] {
        given.needed(field)?;
    }
    given.number("price")?.ok_or_else(wrong)?;
    branch.step(|world, _| {
        linked(world, "Need channel authorization")?;
        world.sell(|catalogue| {
            let empty = Product {
                id: catalogue.next_id(),
                name: String::new(),
                description: String::new(),
                price: 0.0,
                currency: String::new(),
                retailer_id: String::new(),
                available: true,
                hidden: false,
                url: String::new(),
                images: Vec::new(),
            };
            let product = written(&given, empty)?;
            catalogue.products.push(product.clone());
            Ok(Said(shape(&product)))
        })
    })
}

pub(super) async fn change_product(
    At(branch): At,
    Path(id): Path<String>,
    given: Given,
) -> Result<Said, Refusal> {
    branch.step(|world, _| {
        linked(world, "Need channel authorization")?;
        world.sell(|catalogue| {
            let product = catalogue
                .products
                .iter_mut()
                .find(|product| product.id == id)
                .ok_or(NO_PRODUCT)?;
            *product = written(&given, product.clone())?;
            Ok(Said(shape(product)))
        })
    })
}

pub(super) async fn drop_product(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.step(|world, _| {
        linked(world, "Need channel authorization")?;
        world.sell(|catalogue| {
            catalogue.product(&id).ok_or(NO_PRODUCT)?;
            catalogue.products.retain(|product| product.id != id);
            Ok(done())
        })
    })
}

pub(super) async fn send_product(
    At(branch): At,
    Path(id): Path<String>,
    given: Given,
) -> Result<Said, Refusal> {
    send::send(&branch, &given, |world, _| {
        world.catalogue().product(&id).ok_or(NO_PRODUCT)?;
        let catalogue = world.shop().number.as_str();
        Ok(Content::shaped(
            "product",
            json!({ "catalog_id": catalogue, "product_id": id }),
        ))
    })
}

pub(super) async fn send_catalogue(
    At(branch): At,
    Path(id): Path<String>,
    given: Given,
) -> Result<Said, Refusal> {
    let (title, body) = (given.said("title")?, given.said("body")?);
    send::send(&branch, &given, |world, _| {
        let title = title.unwrap_or_else(|| world.shop().name.clone());
        let url = format!("https://wa.me/c/{id}");
        let body = body.unwrap_or_else(|| url.clone());
        Ok(Content::shaped(
            "catalog",
            json!({ "title": title, "body": body, "url": url, "catalog_id": id }),
        ))
    })
}

#[derive(Deserialize)]
pub(super) struct Token {
    order_token: Option<String>,
}

/// What was ordered. Without the token that came with the order nobody may look.
pub(super) async fn order(
    At(branch): At,
    Path(id): Path<String>,
    Query(Token { order_token }): Query<Token>,
) -> Result<Said, Refusal> {
    branch.look(|world, _| {
        linked(world, "Need channel authorization")?;
        let catalogue = world.catalogue();
        let order = catalogue
            .order(&id)
            .ok_or(Refusal::not_found("Specified order not found"))?;
        if order_token.as_deref() != Some(order.token.as_str()) {
            return Err(Refusal::new(
                StatusCode::FORBIDDEN,
                "Need order token for get order items",
            ));
        }
        let items = order.items.iter().filter_map(|item| {
            let product = catalogue.product(&item.product)?;
            Some(json!({
                "id": product.id, "product_retailer_id": product.retailer_id, "name": product.name,
                "quantity": item.quantity, "price": product.price, "currency": product.currency,
            }))
        });
        Ok(Said(json!({ "items": items.collect::<Vec<Value>>() })))
    })
}

pub(super) async fn collections(At(branch): At, page: Page) -> Result<Said, Refusal> {
    branch.look(|world, _| {
        linked(world, "Need channel authorization")?;
        let catalogue = world.catalogue();
        Ok(Said(page.cut("collections", &catalogue.collections, |one| {
            collection_shape(catalogue, one)
        })))
    })
}

pub(super) async fn collection(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.look(|world, _| {
        linked(world, "Need channel authorization")?;
        let found = world.catalogue().collection(&id).ok_or(NO_COLLECTION)?;
        Ok(Said(collection_shape(world.catalogue(), found)))
    })
}

pub(super) async fn collection_products(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.look(|world, _| {
        linked(world, "Need channel authorization")?;
        let found = world.catalogue().collection(&id).ok_or(NO_COLLECTION)?;
        let whole = collection_shape(world.catalogue(), found);
        let total = found.products.len();
        Ok(Said(
            json!({ "products": whole["products"], "count": 100, "total": total, "offset": 0 }),
        ))
    })
}

pub(super) async fn make_collection(At(branch): At, given: Given) -> Result<Said, Refusal> {
    let (name, products) = (given.needed("name")?.to_owned(), given.texts("products")?);
    branch.step(|world, _| {
        linked(world, "Need channel authorization")?;
        world.sell(|catalogue| {
            if products.iter().any(|id| catalogue.product(id).is_none()) {
                return Err(wrong());
            }
            let id = catalogue.next_id();
            catalogue.collections.push(Collection {
                id: id.clone(),
                name,
                products,
            });
            Ok(Said(json!({ "id": id, "status": "APPROVED" })))
        })
    })
}

pub(super) async fn change_collection(
    At(branch): At,
    Path(id): Path<String>,
    given: Given,
) -> Result<Said, Refusal> {
    let (name, gone) = (given.said("name")?, given.texts("remove_products")?);
    let added = given.texts("add_products")?;
    branch.step(|world, _| {
        linked(world, "Need channel authorization")?;
        world.sell(|catalogue| {
            let found = catalogue
                .collections
                .iter_mut()
                .find(|one| one.id == id)
                .ok_or(NO_COLLECTION)?;
            found.name = name.unwrap_or_else(|| found.name.clone());
            found
                .products
                .retain(|product| !gone.contains(product) && !added.contains(product));
            found.products.extend(added);
            Ok(Said(json!({ "id": id, "status": "APPROVED" })))
        })
    })
}

pub(super) async fn drop_collection(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.step(|world, _| {
        linked(world, "Need channel authorization")?;
        world.sell(|catalogue| {
            catalogue.collection(&id).ok_or(NO_COLLECTION)?;
            catalogue.collections.retain(|one| one.id != id);
            Ok(done())
        })
    })
}
