namespace IotOps.Mqtt.Sessions;

/// <summary>What keeping a link alive takes now.</summary>
/// <param name="Ping">Send a ping.</param>
/// <param name="Wait">Look again after this.</param>
/// <param name="Error">Why the link is dead; null while it is not known to be.</param>
internal readonly record struct KeepAliveStep(bool Ping, TimeSpan Wait, MqttException? Error)
{
    public static KeepAliveStep Dead(string why) =>
        new(Ping: false, TimeSpan.Zero, new MqttException($"The connection is dead: {why}.") { Reason = MqttReasonCode.KeepAliveTimeout, IsTransient = true });
}
