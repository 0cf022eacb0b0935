namespace IotOps.Samples.Simulation;

/// <summary>What a simulated message is.</summary>
public enum SimulatedMessageKind
{
    /// <summary>A device connected: a lifecycle event.</summary>
    Connected = 0,

    /// <summary>A device's connection ended: a lifecycle event.</summary>
    Disconnected = 1,

    /// <summary>A client was not let in: a lifecycle event.</summary>
    ConnectFailed = 2,

    /// <summary>What a device measured.</summary>
    Telemetry = 3,

    /// <summary>A report to Device Defender.</summary>
    Report = 4,

    /// <summary>An entry of the AWS IoT logs.</summary>
    Log = 5,
}
