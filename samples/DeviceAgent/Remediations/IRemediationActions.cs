using Microsoft.Extensions.Logging;

namespace IotOps.Samples.DeviceAgent.Remediations;

/// <summary>What a remediation can do here. A method answers why it is refused, or null when it is done.</summary>
internal interface IRemediationActions
{
    /// <summary>Leaves messages below a level out of the log, until the agent ends.</summary>
    string? SetLogLevel(LogLevel level);

    /// <summary>Reports to Device Defender now.</summary>
    string? ReportNow();

    /// <summary>Stops a service.</summary>
    /// <exception cref="IOException">It could not be stopped.</exception>
    Task<string?> StopServiceAsync(string service, CancellationToken cancellationToken);

    /// <summary>Ends the agent in order; what runs it starts it again.</summary>
    void Restart();
}
