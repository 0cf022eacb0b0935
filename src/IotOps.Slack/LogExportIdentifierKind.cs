namespace IotOps.Slack;

/// <summary>Whose logs are asked for.</summary>
public enum LogExportIdentifierKind
{
    /// <summary>The device with that thing name or client id.</summary>
    Device,

    /// <summary>The device with that certificate: 64 hexadecimal digits, in lower case as AWS IoT writes them.</summary>
    Certificate,

    /// <summary>Every device: the identifier is the word <c>client_id</c>.</summary>
    EveryDevice,
}
