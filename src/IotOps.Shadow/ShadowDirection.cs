namespace IotOps.Shadow;

/// <summary>Which way state flows.</summary>
public enum ShadowDirection
{
    /// <summary>Both ways, merged per field.</summary>
    Both,

    /// <summary>Edits made here go to the cloud; what others change there is neither read nor overwritten, unless an edit here names the same field.</summary>
    ToCloud,

    /// <summary>The cloud's state is mirrored here; edits are refused.</summary>
    FromCloud,
}
