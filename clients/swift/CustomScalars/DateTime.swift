@_spi(Internal) import ApolloAPI
import Foundation

/// A time in UTC with milliseconds: `2026-01-31T10:00:00.000Z`.
public struct DateTime: CustomScalarType {
  /// The time as the API sends it. The cache keeps this text, so no precision is lost.
  public let text: String
  public let date: Date

  private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

  public init(_ date: Date) {
    self.date = date
    self.text = date.formatted(Self.style)
  }

  @_spi(Internal) public init(_jsonValue value: JSONValue) throws {
    guard let text = value as? String, let date = try? Date(text, strategy: Self.style) else {
      throw JSONDecodingError.couldNotConvert(value: value, to: DateTime.self)
    }
    self.text = text
    self.date = date
  }

  @_spi(Internal) public var _jsonValue: JSONValue { text }
}
