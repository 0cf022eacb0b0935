namespace IotOps.Mqtt.Codec;

/// <summary>Reason codes in words.</summary>
internal static class ReasonText
{
    public static string Of(MqttReasonCode reason, string? text)
    {
        string code = Enum.IsDefined(reason) ? $"{reason} (0x{(byte)reason:X2})" : $"reason 0x{(byte)reason:X2}";
        return string.IsNullOrEmpty(text) ? $"{code}." : $"{code}: {text}";
    }

    /// <summary>Whether the same may succeed later.</summary>
    public static bool IsTransient(MqttReasonCode reason) => reason is not (
        MqttReasonCode.UnsupportedProtocolVersion or MqttReasonCode.ClientIdentifierNotValid or MqttReasonCode.BadUserNameOrPassword
        or MqttReasonCode.NotAuthorized or MqttReasonCode.Banned or MqttReasonCode.BadAuthenticationMethod
        or MqttReasonCode.TopicFilterInvalid or MqttReasonCode.TopicNameInvalid or MqttReasonCode.PacketTooLarge
        or MqttReasonCode.PayloadFormatInvalid or MqttReasonCode.RetainNotSupported or MqttReasonCode.QoSNotSupported
        or MqttReasonCode.SharedSubscriptionsNotSupported or MqttReasonCode.SubscriptionIdentifiersNotSupported
        or MqttReasonCode.WildcardSubscriptionsNotSupported);
}
