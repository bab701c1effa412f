// The part of an Android module's build that generates the API. Not compiled here: see README.md.
plugins {
  id("com.apollographql.apollo") version "5.1.0"
}

dependencies {
  implementation("com.apollographql.apollo:apollo-runtime:5.1.0")
}

apollo {
  service("connectql") {
    packageName.set("com.connectql.api")
    schemaFiles.from("connectql/schema.graphql")
    srcDir("connectql/operations")

    val adapters = "com.connectql.scalars"
    mapScalar("DateTime", "java.time.Instant", "$adapters.DateTimeAdapter")
    mapScalar("Date", "java.time.LocalDate", "$adapters.DateAdapter")
    mapScalar("URL", "java.net.URI", "$adapters.UrlAdapter")
    mapScalarToKotlinLong("MinorUnits") // an Int has 32 bits
    mapScalarToKotlinString("CountryCode")
    mapScalarToKotlinString("CurrencyCode")

    operationManifestFormat.set("persistedQueryManifest")
  }
}
