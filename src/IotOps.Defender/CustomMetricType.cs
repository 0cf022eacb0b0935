namespace IotOps.Defender;

/// <summary>The value types of custom metrics; the type is fixed when the metric is created in AWS IoT Device Defender.</summary>
public enum CustomMetricType
{
    /// <summary><c>number</c>.</summary>
    Number,

    /// <summary><c>number_list</c>.</summary>
    NumberList,

    /// <summary><c>string_list</c>.</summary>
    StringList,

    /// <summary><c>ip_list</c>.</summary>
    IpList,
}
