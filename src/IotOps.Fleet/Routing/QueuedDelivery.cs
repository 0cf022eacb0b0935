namespace IotOps.Fleet.Routing;

/// <summary>A message that a queue has delivered.</summary>
/// <param name="Id">The same at each delivery.</param>
/// <param name="Receipt">Names this delivery.</param>
/// <param name="Body">The message in UTF-8.</param>
internal sealed record QueuedDelivery(string Id, string Receipt, ReadOnlyMemory<byte> Body);
