//! A fresh database on a PostgreSQL server.

use sqlx::Connection as _;

/// The address of a fresh database of that name, where `COMPTOIR_TEST_POSTGRES` names a server that lets us make one.
pub(crate) async fn postgres(name: &str) -> Option<String> {
    let server = server()?;
    let mut connection = sqlx::PgConnection::connect(&server).await.expect("the server that is named");
    for text in [format!("drop database if exists {name} with (force)"), format!("create database {name}")] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(&mut connection).await.expect("a database");
    }
    connection.close().await.expect("the server answers");
    let (base, parameters) = server.split_once('?').unwrap_or((&server, ""));
    let base = &base[..base.rfind('/')?];
    Some(format!("{base}/{name}?{parameters}"))
}

#[expect(clippy::disallowed_methods, reason = "the address of the server comes from the environment")]
fn server() -> Option<String> {
    std::env::var("COMPTOIR_TEST_POSTGRES").ok()
}
