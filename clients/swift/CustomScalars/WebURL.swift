@_spi(Internal) import ApolloAPI
import Foundation

/// An address. The schema calls it `URL`, which would hide Foundation's type.
public struct WebURL: CustomScalarType {
  public let url: Foundation.URL

  public init(_ url: Foundation.URL) {
    self.url = url
  }

  @_spi(Internal) public init(_jsonValue value: JSONValue) throws {
    guard let text = value as? String, let url = Foundation.URL(string: text) else {
      throw JSONDecodingError.couldNotConvert(value: value, to: WebURL.self)
    }
    self.url = url
  }

  @_spi(Internal) public var _jsonValue: JSONValue { url.absoluteString }
}
