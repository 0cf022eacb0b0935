namespace IotOps.Logs.Sending;

/// <summary>What to do after a request to CloudWatch Logs was refused.</summary>
internal enum PutVerdict
{
    /// <summary>Wait, longer each time, and send the same again.</summary>
    Retry,

    /// <summary>Create the group or stream, then send the same again.</summary>
    CreateMissing,

    /// <summary>Fetch new credentials, then send the same again.</summary>
    RefreshCredentials,

    /// <summary>The device's clock was wrong; the client has learnt by how much: correct the times and send again.</summary>
    Resign,

    /// <summary>It is as good as accepted.</summary>
    Accepted,

    /// <summary>Not allowed or over a quota: someone has to change something. Try again now and then, and tell.</summary>
    Denied,

    /// <summary>Something in it is invalid: halve it until the event that is refused stands alone.</summary>
    Bisect,
}
