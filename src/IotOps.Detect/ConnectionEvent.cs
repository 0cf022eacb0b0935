using IotOps.Fleet;

namespace IotOps.Detect;

/// <summary>The device's client connected, disconnected, or was not let in.</summary>
/// <param name="Lifecycle">AWS IoT's lifecycle event.</param>
public sealed record ConnectionEvent(LifecycleEvent Lifecycle) : DetectEvent(Lifecycle.Time);
