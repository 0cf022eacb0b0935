namespace IotOps.Emulator.Mqtt.Packets;

/// <summary>How a property's value stands on the wire.</summary>
internal enum PropertyKind
{
    /// <summary>No such property.</summary>
    None,
    Byte,
    TwoBytes,
    FourBytes,
    VariableInteger,
    Text,
    Binary,
    TextPair,
}
