namespace IotOps.Logs.Shipping;

/// <summary>The lanes, one a log stream, made when first asked for.</summary>
internal interface ILogLanes
{
    /// <summary>The lane of a destination.</summary>
    ILogLane this[LogDestination destination] { get; }
}
