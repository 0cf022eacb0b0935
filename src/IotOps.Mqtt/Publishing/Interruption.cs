namespace IotOps.Mqtt.Publishing;

/// <summary>What the end of a connection means for what was sent on it and not answered.</summary>
/// <param name="InFlight">What that was, in words, for the log; a few of many.</param>
/// <param name="Subscriptions">SUBSCRIBE and UNSUBSCRIBE packets that are suspected.</param>
/// <param name="GivenUp">Publications that were failed to their callers, with their errors.</param>
/// <param name="IsAlone">Nothing was in flight beside the one packet of <paramref name="Subscriptions"/>.</param>
internal sealed record Interruption(
    IReadOnlyList<string> InFlight, IReadOnlyList<ControlReply> Subscriptions, IReadOnlyList<MqttException> GivenUp, bool IsAlone);
