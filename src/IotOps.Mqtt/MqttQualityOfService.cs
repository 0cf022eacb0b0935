namespace IotOps.Mqtt;

/// <summary>What delivery a message gets. AWS IoT Core has no QoS 2, so neither has this package.</summary>
public enum MqttQualityOfService
{
    /// <summary>QoS 0: sent once, never repeated.</summary>
    AtMostOnce = 0,

    /// <summary>QoS 1: repeated until acknowledged, so it may arrive twice.</summary>
    AtLeastOnce = 1,
}
