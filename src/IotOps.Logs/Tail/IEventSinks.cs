namespace IotOps.Logs.Tail;

/// <summary>The sinks, one a log stream, made when first asked for.</summary>
internal interface IEventSinks
{
    /// <summary>The sink of a destination.</summary>
    IEventSink this[LogDestination destination] { get; }
}
