package com.connectql.scalars

import com.apollographql.apollo.api.Adapter
import com.apollographql.apollo.api.CustomScalarAdapters
import com.apollographql.apollo.api.json.JsonReader
import com.apollographql.apollo.api.json.JsonWriter
import java.net.URI
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneOffset
import java.time.format.DateTimeFormatter

/** A time in UTC with milliseconds: `2026-01-31T10:00:00.000Z`. */
object DateTimeAdapter : Adapter<Instant> {
  private val format = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC)

  override fun fromJson(reader: JsonReader, customScalarAdapters: CustomScalarAdapters): Instant =
    Instant.parse(reader.nextString()!!)

  override fun toJson(writer: JsonWriter, customScalarAdapters: CustomScalarAdapters, value: Instant) {
    writer.value(format.format(value))
  }
}

/** A day of the calendar: `2026-01-31`. */
object DateAdapter : Adapter<LocalDate> {
  override fun fromJson(reader: JsonReader, customScalarAdapters: CustomScalarAdapters): LocalDate =
    LocalDate.parse(reader.nextString()!!)

  override fun toJson(writer: JsonWriter, customScalarAdapters: CustomScalarAdapters, value: LocalDate) {
    writer.value(value.toString())
  }
}

/** An address. `java.net.URL` would look up the host to compare two addresses, and knows no schemes of apps. */
object UrlAdapter : Adapter<URI> {
  override fun fromJson(reader: JsonReader, customScalarAdapters: CustomScalarAdapters): URI =
    URI(reader.nextString()!!)

  override fun toJson(writer: JsonWriter, customScalarAdapters: CustomScalarAdapters, value: URI) {
    writer.value(value.toString())
  }
}
