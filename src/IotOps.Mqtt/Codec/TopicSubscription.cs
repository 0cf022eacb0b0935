namespace IotOps.Mqtt.Codec;

/// <summary>One filter of a SUBSCRIBE.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="QualityOfService">The highest QoS wanted.</param>
/// <param name="NoLocal">MQTT 5: not what this connection published.</param>
/// <param name="Identifier">MQTT 5: comes back with each copy; zero for none. One for the whole packet.</param>
internal sealed record TopicSubscription(string Filter, MqttQualityOfService QualityOfService, bool NoLocal, int Identifier = 0);
