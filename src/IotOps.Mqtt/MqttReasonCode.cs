namespace IotOps.Mqtt;

/// <summary>The reason codes of MQTT 5 (OASIS MQTT 5.0, 2.4) that a client can receive.</summary>
public enum MqttReasonCode : byte
{
    /// <summary>Accepted; also granted QoS 0 and normal disconnection.</summary>
    Success = 0x00,

    /// <summary>The subscription was granted QoS 1.</summary>
    GrantedQoS1 = 0x01,

    /// <summary>Accepted, but nobody is subscribed.</summary>
    NoMatchingSubscribers = 0x10,

    /// <summary>There was no such subscription to remove.</summary>
    NoSubscriptionExisted = 0x11,

    /// <summary>Refused without a reason.</summary>
    UnspecifiedError = 0x80,

    /// <summary>A packet could not be parsed.</summary>
    MalformedPacket = 0x81,

    /// <summary>A packet was not allowed at this point.</summary>
    ProtocolError = 0x82,

    /// <summary>Valid, but this broker does not accept it.</summary>
    ImplementationSpecificError = 0x83,

    /// <summary>The broker does not speak this version.</summary>
    UnsupportedProtocolVersion = 0x84,

    /// <summary>The client id is valid but not allowed.</summary>
    ClientIdentifierNotValid = 0x85,

    /// <summary>User name or password not accepted.</summary>
    BadUserNameOrPassword = 0x86,

    /// <summary>The policy does not allow it.</summary>
    NotAuthorized = 0x87,

    /// <summary>The broker is not available.</summary>
    ServerUnavailable = 0x88,

    /// <summary>The broker is busy; try later.</summary>
    ServerBusy = 0x89,

    /// <summary>This client is banned.</summary>
    Banned = 0x8A,

    /// <summary>The broker is shutting down.</summary>
    ServerShuttingDown = 0x8B,

    /// <summary>The authentication method is not supported.</summary>
    BadAuthenticationMethod = 0x8C,

    /// <summary>Nothing was received for 1.5 times the keep-alive.</summary>
    KeepAliveTimeout = 0x8D,

    /// <summary>Another connection took this client id.</summary>
    SessionTakenOver = 0x8E,

    /// <summary>The topic filter is not accepted.</summary>
    TopicFilterInvalid = 0x8F,

    /// <summary>The topic name is not accepted.</summary>
    TopicNameInvalid = 0x90,

    /// <summary>The packet identifier is in use.</summary>
    PacketIdentifierInUse = 0x91,

    /// <summary>The packet identifier is not known.</summary>
    PacketIdentifierNotFound = 0x92,

    /// <summary>More unacknowledged messages than the receive maximum.</summary>
    ReceiveMaximumExceeded = 0x93,

    /// <summary>A topic alias out of range.</summary>
    TopicAliasInvalid = 0x94,

    /// <summary>The packet is larger than allowed.</summary>
    PacketTooLarge = 0x95,

    /// <summary>Messages come too fast.</summary>
    MessageRateTooHigh = 0x96,

    /// <summary>A quota was exceeded.</summary>
    QuotaExceeded = 0x97,

    /// <summary>An administrator closed the connection.</summary>
    AdministrativeAction = 0x98,

    /// <summary>The payload is not what its format indicator says.</summary>
    PayloadFormatInvalid = 0x99,

    /// <summary>The broker keeps no retained messages.</summary>
    RetainNotSupported = 0x9A,

    /// <summary>The broker does not offer this QoS.</summary>
    QoSNotSupported = 0x9B,

    /// <summary>Use another server for now.</summary>
    UseAnotherServer = 0x9C,

    /// <summary>The server moved for good.</summary>
    ServerMoved = 0x9D,

    /// <summary>The broker has no shared subscriptions.</summary>
    SharedSubscriptionsNotSupported = 0x9E,

    /// <summary>Connections come too fast.</summary>
    ConnectionRateExceeded = 0x9F,

    /// <summary>The connection's allowed time is over.</summary>
    MaximumConnectTime = 0xA0,

    /// <summary>The broker has no subscription identifiers.</summary>
    SubscriptionIdentifiersNotSupported = 0xA1,

    /// <summary>The broker has no wildcard subscriptions.</summary>
    WildcardSubscriptionsNotSupported = 0xA2,
}
