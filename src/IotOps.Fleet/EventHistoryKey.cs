namespace IotOps.Fleet;

/// <summary>By what LookupEvents can look events up; of Insights events by the first three only.</summary>
public enum EventHistoryKey
{
    /// <summary>The event's id.</summary>
    EventId = 0,

    /// <summary>The API.</summary>
    EventName = 1,

    /// <summary>The service, such as <c>iot.amazonaws.com</c>.</summary>
    EventSource = 2,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    ReadOnly = 3,

    /// <summary>The user's name, or the name of a role's session.</summary>
    Username = 4,

    /// <summary>A resource's type, such as <c>AWS::IoT::Thing</c>.</summary>
    ResourceType = 5,

    /// <summary>A resource's name.</summary>
    ResourceName = 6,

    /// <summary>The access key.</summary>
    AccessKeyId = 7,
}
