namespace IotOps.Shadow.Sync;

/// <summary>What a cache asks of the service.</summary>
internal enum RequestKind
{
    /// <summary>The whole shadow.</summary>
    Get,

    /// <summary>To merge a patch.</summary>
    Update,

    /// <summary>To delete the shadow.</summary>
    Delete,
}
