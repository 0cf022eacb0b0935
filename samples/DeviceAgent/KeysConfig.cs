namespace IotOps.Samples.DeviceAgent;

/// <summary>How the device trades its certificate for temporary AWS keys.</summary>
internal sealed record KeysConfig
{
    /// <summary>The account's credentials endpoint: <c>https://PREFIX.credentials.iot.REGION.amazonaws.com</c>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The role alias whose role the keys are for.</summary>
    public required string RoleAlias { get; init; }

    /// <summary>Absolute path of the device certificate, PEM.</summary>
    public required string Certificate { get; init; }

    /// <summary>Absolute path of its private key, PEM.</summary>
    public required string Key { get; init; }

    /// <summary>Absolute path of the authority that the endpoint's own certificate must come from, PEM; null takes the system's.</summary>
    public string? Ca { get; init; }
}
