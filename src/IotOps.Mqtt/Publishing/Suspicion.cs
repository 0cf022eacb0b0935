namespace IotOps.Mqtt.Publishing;

/// <summary>
/// Brokers answer what they do not accept by closing the connection, AWS IoT Core and every broker of MQTT 3.1.1 among them. Whatever was sent
/// and not answered then is suspected; sent first again after every reconnect, it would keep everything behind it from ever being sent.
/// </summary>
internal static class Suspicion
{
    /// <summary>After so many connections that ended with it unanswered, an operation is sent with nothing beside it.</summary>
    public const int Threshold = 3;

    /// <summary>Whether the end of a connection says anything about what was unanswered: a reason of another kind explains it by itself.</summary>
    public static bool Falls(EndCause cause, MqttReasonCode? reason) => cause == EndCause.Unanswered || (cause == EndCause.Broker && reason is not (
        MqttReasonCode.Success or MqttReasonCode.ServerUnavailable or MqttReasonCode.ServerBusy or MqttReasonCode.ServerShuttingDown
        or MqttReasonCode.KeepAliveTimeout or MqttReasonCode.SessionTakenOver or MqttReasonCode.ReceiveMaximumExceeded
        or MqttReasonCode.MessageRateTooHigh or MqttReasonCode.AdministrativeAction or MqttReasonCode.UseAnotherServer
        or MqttReasonCode.ServerMoved or MqttReasonCode.ConnectionRateExceeded or MqttReasonCode.MaximumConnectTime));

    /// <summary>How often connections ended, in words.</summary>
    public static string Ended(int connections) => connections == 1 ? "the connection ended" : $"{connections} connections ended";

    /// <summary>A reason that can only be a publication's.</summary>
    public static bool NamesPublication(MqttReasonCode? reason) => reason is MqttReasonCode.NotAuthorized or MqttReasonCode.TopicNameInvalid
        or MqttReasonCode.PacketTooLarge or MqttReasonCode.QuotaExceeded or MqttReasonCode.PayloadFormatInvalid
        or MqttReasonCode.RetainNotSupported or MqttReasonCode.QoSNotSupported;

    /// <summary>A reason that can only be a subscription's.</summary>
    public static bool NamesSubscription(MqttReasonCode? reason) => reason is MqttReasonCode.NotAuthorized or MqttReasonCode.TopicFilterInvalid
        or MqttReasonCode.PacketTooLarge or MqttReasonCode.QuotaExceeded or MqttReasonCode.SharedSubscriptionsNotSupported
        or MqttReasonCode.SubscriptionIdentifiersNotSupported or MqttReasonCode.WildcardSubscriptionsNotSupported;
}
