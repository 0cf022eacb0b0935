namespace IotOps.Slack;

/// <summary>A message in a channel.</summary>
/// <param name="ChannelId">The channel, by its id.</param>
/// <param name="Timestamp">Slack's <c>ts</c>, which names a message within its channel.</param>
public sealed record SlackMessageId(string ChannelId, string Timestamp);
