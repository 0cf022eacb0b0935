namespace IotOps.Fleet;

/// <summary>SNS asks whether the endpoint wants the topic's messages. Visit the URL only after it is known to be AWS'.</summary>
/// <param name="TopicArn">The topic.</param>
/// <param name="SubscribeUrl">What to visit to confirm.</param>
public sealed record SubscriptionRequest(string? TopicArn, string? SubscribeUrl) : DefenderNotification;
