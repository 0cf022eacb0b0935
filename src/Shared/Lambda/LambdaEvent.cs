namespace IotOps.Shared;

/// <summary>One event of AWS Lambda.</summary>
/// <param name="RequestId">Names it to the runtime API.</param>
/// <param name="Deadline">When Lambda ends the process; null when it did not say.</param>
/// <param name="Payload">The event, JSON.</param>
internal sealed record LambdaEvent(string RequestId, DateTimeOffset? Deadline, byte[] Payload);
