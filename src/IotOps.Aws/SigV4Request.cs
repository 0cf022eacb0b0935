namespace IotOps.Aws;

/// <summary>What of a request goes into its signature: all of it as it will be on the wire.</summary>
public sealed record SigV4Request
{
    /// <summary>Payload hash of a body that is left out of the signature; only S3 takes it, and only over TLS.</summary>
    public const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    /// <summary>Payload hash of a request without a body.</summary>
    public const string EmptyPayloadHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>HTTP method, upper case.</summary>
    public required string Method { get; init; }

    /// <summary>Absolute path as sent, percent-encoding included.</summary>
    public required string Path { get; init; }

    /// <summary>Query as sent, percent-encoding included, without <c>?</c>; empty when there is none.</summary>
    public string Query { get; init; } = string.Empty;

    /// <summary>
    /// The headers to sign, <c>Host</c> among them, in the order they are sent. Those that the signer makes itself
    /// (<c>X-Amz-Date</c>, <c>X-Amz-Security-Token</c>, <c>X-Amz-Content-SHA256</c>, <c>Authorization</c>) are passed over.
    /// </summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>SHA-256 of the body in lower-case hex, or <see cref="UnsignedPayload"/>.</summary>
    public string PayloadHash { get; init; } = EmptyPayloadHash;

    /// <summary>True leaves the session token out of the signature; it is still sent. AWS IoT's MQTT over WebSocket wants that.</summary>
    public bool SessionTokenUnsigned { get; init; }
}
