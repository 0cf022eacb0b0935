namespace IotOps.Shadow;

/// <summary>
/// Which of a thing's shadows: the classic one, which has no name, or a named one. Equal by name.
/// (https://docs.aws.amazon.com/iot/latest/developerguide/iot-device-shadows.html)
/// </summary>
public readonly record struct ShadowId
{
    private const int MaxLength = 64;
    private const int MaxThingLength = 128;

    private readonly string? _name;

    /// <summary>A named shadow, or the classic one for an empty name.</summary>
    /// <param name="name">
    /// 1-64 of letters, digits, <c>:</c>, <c>_</c>, <c>-</c> and <c>$</c>; empty for the classic shadow. AWS keeps names that begin with <c>$</c>
    /// for itself, such as <c>$package</c> of the software package catalog.
    /// </param>
    /// <exception cref="ArgumentException">The service would not take the name.</exception>
    public ShadowId(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length > 0 && !IsValid(name, MaxLength, mayHaveDollar: true))
        {
            throw new ArgumentException($"'{name}' is no shadow name: 1-{MaxLength} of a-z A-Z 0-9 : _ - $, or empty for the classic shadow.", nameof(name));
        }

        _name = name;
    }

    /// <summary>The shadow without a name.</summary>
    public static ShadowId Classic => default;

    /// <summary>The name; empty for the classic shadow.</summary>
    public string Name => _name ?? "";

    /// <summary>True for the shadow without a name.</summary>
    public bool IsClassic => Name.Length == 0;

    /// <inheritdoc/>
    public bool Equals(ShadowId other) => Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(Name, StringComparison.Ordinal);

    /// <summary>The name; <c>(classic)</c> for the one without.</summary>
    public override string ToString() => IsClassic ? "(classic)" : Name;

    internal static bool IsThingName(string? name) => name is not null && IsValid(name, MaxThingLength, mayHaveDollar: false);

    private static bool IsValid(string name, int maxLength, bool mayHaveDollar)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not (':' or '_' or '-') && !(mayHaveDollar && c == '$'))
            {
                return false;
            }
        }

        return name.Length >= 1 && name.Length <= maxLength;
    }
}
