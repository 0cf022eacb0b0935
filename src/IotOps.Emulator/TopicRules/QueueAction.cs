namespace IotOps.Emulator.TopicRules;

/// <summary>The SQS action of a rule.</summary>
/// <param name="RoleArn">Kept; the emulator has no permissions.</param>
/// <param name="QueueUrl">The queue.</param>
/// <param name="UsesBase64">Whether the message is encoded.</param>
internal sealed record QueueAction(string RoleArn, string QueueUrl, bool UsesBase64);
