//! What the shop sells: products, collections of them, and orders that customers made.

use serde::{Deserialize, Serialize};

/// One thing that is sold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Product {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: String,
    /// In whole units of the currency.
    pub(crate) price: f64,
    pub(crate) currency: String,
    pub(crate) retailer_id: String,
    pub(crate) available: bool,
    pub(crate) hidden: bool,
    pub(crate) url: String,
    /// Media ids or addresses, as they were given.
    pub(crate) images: Vec<String>,
}

/// Some products under one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Collection {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) products: Vec<String>,
}

/// So many of one product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OrderItem {
    pub(crate) product: String,
    pub(crate) quantity: u32,
}

/// What a customer ordered from the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) id: String,
    /// Whoever shows it may look the order up.
    pub(crate) token: String,
    pub(crate) items: Vec<OrderItem>,
}

/// Everything that is sold and was ordered.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Catalogue {
    pub(crate) products: Vec<Product>,
    pub(crate) collections: Vec<Collection>,
    pub(crate) orders: Vec<Order>,
    /// Counts what was ever made, so that no id is given twice.
    made: u64,
}

const WARES: [(&str, &str, f64); 6] = [
    (
        "Torta de chocolate",
        "Bizcocho húmedo con fudge, 12 porciones",
        65.0,
    ),
    ("Torta tres leches", "Con canela y merengue, 12 porciones", 60.0),
    ("Pie de limón", "Base crocante y merengue tostado", 45.0),
    ("Empanada de carne", "Horneada, con aceituna y huevo", 5.0),
    ("Alfajor", "De maicena, relleno de manjar", 2.5),
    ("Pan de yema", "Recién horneado, la docena", 6.0),
];

impl Catalogue {
    /// What the bakery sells.
    pub(crate) fn bakery() -> Self {
        let mut catalogue = Self::default();
        for (name, description, price) in WARES {
            let id = catalogue.next_id();
            catalogue.products.push(Product {
                retailer_id: format!("LT-{:02}", catalogue.made),
                id,
                name: name.to_owned(),
                description: description.to_owned(),
                price,
                currency: "PEN".to_owned(),
                available: true,
                hidden: false,
                url: String::new(),
                images: Vec::new(),
            });
        }
        let cakes = catalogue
            .products
            .iter()
            .take(3)
            .map(|product| product.id.clone())
            .collect();
        let id = catalogue.next_id();
        catalogue.collections.push(Collection {
            id,
            name: "Tortas".to_owned(),
            products: cakes,
        });
        catalogue
    }

    /// A number that was never given before, in the length that WhatsApp's have.
    pub(crate) fn next_id(&mut self) -> String {
        self.made += 1;
        format!("{}", 9_000_000_000_000_u64 + self.made)
    }

    pub(crate) fn product(&self, id: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.id == id)
    }

    pub(crate) fn collection(&self, id: &str) -> Option<&Collection> {
        self.collections.iter().find(|collection| collection.id == id)
    }

    pub(crate) fn order(&self, id: &str) -> Option<&Order> {
        self.orders.iter().find(|order| order.id == id)
    }

    /// What an order comes to.
    pub(crate) fn sum(&self, order: &Order) -> f64 {
        let line = |item: &OrderItem| {
            self.product(&item.product).map_or(0.0, |p| p.price) * f64::from(item.quantity)
        };
        order.items.iter().map(line).sum()
    }
}

impl super::World {
    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Changes what is sold.
    pub(crate) fn sell<R>(&mut self, change: impl FnOnce(&mut Catalogue) -> R) -> R {
        self.revision += 1;
        change(&mut self.catalogue)
    }
}
