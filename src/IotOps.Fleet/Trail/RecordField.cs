namespace IotOps.Fleet.Trail;

/// <summary>The members of a record that the reader knows. Their names in <see cref="RecordFields.Names"/> are in the same order.</summary>
internal enum RecordField
{
    EventVersion,
    UserIdentity,
    EventTime,
    EventSource,
    EventName,
    AwsRegion,
    SourceIPAddress,
    UserAgent,
    ErrorCode,
    ErrorMessage,
    RequestParameters,
    ResponseElements,
    AdditionalEventData,
    RequestId,
    EventId,
    ReadOnly,
    Resources,
    EventType,
    ManagementEvent,
    RecipientAccountId,
    SharedEventId,
    EventCategory,
    SessionCredentialFromConsole,
    ServiceEventDetails,
    VpcEndpointId,
    VpcEndpointAccountId,
    Addendum,
    InsightDetails,
}
