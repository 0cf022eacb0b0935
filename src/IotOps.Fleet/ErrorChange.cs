namespace IotOps.Fleet;

/// <summary>How often a group of errors comes now, and came before.</summary>
/// <param name="Group">The group, with its number of now.</param>
/// <param name="Before">Errors in the window before.</param>
public sealed record ErrorChange(ErrorGroup Group, long Before)
{
    /// <summary>Whether it did not come before.</summary>
    public bool IsNew => Before == 0 && Group.Errors > 0;

    /// <summary>Whether it does not come any more.</summary>
    public bool IsGone => Before > 0 && Group.Errors == 0;
}
