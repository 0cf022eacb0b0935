using System.Text.Json.Serialization;

namespace IotOps.Samples.DeviceAgent.Remediations;

/// <summary>What the desired shadow asks for, <c>remediation: { id: 'r-7', action: 'stopService', service: 'app' }</c>, and in the reported one what became of it.</summary>
internal sealed record Remediation
{
    /// <summary>Its id: a remediation is done once.</summary>
    public string? Id { get; init; }

    /// <summary>logLevel, report, stopService or restart.</summary>
    public string? Action { get; init; }

    /// <summary>For logLevel: Trace, Debug, Information, Warning, Error or Critical.</summary>
    public string? Level { get; init; }

    /// <summary>For stopService: the service.</summary>
    public string? Service { get; init; }

    /// <summary>Reported: begun, done, refused or failed.</summary>
    public string? State { get; init; }

    /// <summary>Reported: why it was refused or failed.</summary>
    public string? Note { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Remediation))]
internal sealed partial class RemediationJson : JsonSerializerContext;
