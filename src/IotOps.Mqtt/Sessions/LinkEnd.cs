namespace IotOps.Mqtt.Sessions;

/// <summary>How a connection ended.</summary>
/// <param name="Error">Why.</param>
/// <param name="ByBroker">The broker ended it.</param>
internal sealed record LinkEnd(MqttException Error, bool ByBroker);
