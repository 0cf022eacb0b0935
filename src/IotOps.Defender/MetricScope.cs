namespace IotOps.Defender;

/// <summary>Who measures what a behavior may be about.</summary>
public enum MetricScope
{
    /// <summary>The device: its own metrics and custom ones.</summary>
    Device,

    /// <summary>
    /// The device, and AWS IoT: also messages, authorization failures, source addresses, connection attempts, disconnects and the time that a device is
    /// disconnected. See https://docs.aws.amazon.com/iot-device-defender/latest/devguide/detect-cloud-side-metrics.html.
    /// </summary>
    Fleet,
}
