namespace IotOps.Emulator;

/// <summary>One request to the credentials endpoint.</summary>
public sealed record CredentialsCall
{
    /// <summary>Role alias asked for.</summary>
    public required string RoleAlias { get; init; }

    /// <summary>Thing that the certificate shown is attached to; null for a certificate the emulator does not know, or none.</summary>
    public string? CertificateThing { get; init; }

    /// <summary>The header x-amzn-iot-thingname; null when absent.</summary>
    public string? ThingName { get; init; }

    /// <summary>Name the client asked for in the TLS handshake (SNI); null when it sent none.</summary>
    public string? ServerName { get; init; }

    /// <summary>HTTP status answered.</summary>
    public required int Status { get; init; }

    /// <summary>When, on the emulator's clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}
