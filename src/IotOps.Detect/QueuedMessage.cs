namespace IotOps.Detect;

/// <summary>A message out of a queue.</summary>
/// <param name="Handle">What the queue knows this delivery by.</param>
/// <param name="Body">The message.</param>
/// <param name="Deliveries">How often it was delivered, this time included.</param>
public sealed record QueuedMessage(string Handle, ReadOnlyMemory<byte> Body, int Deliveries);
