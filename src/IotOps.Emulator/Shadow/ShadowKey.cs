using IotOps.Emulator.Http;

namespace IotOps.Emulator.Shadow;

/// <summary>Which shadow.</summary>
/// <param name="Thing">Thing name.</param>
/// <param name="Name">Shadow name; empty is the classic one.</param>
internal readonly record struct ShadowKey(string Thing, string Name)
{
    private const int MaxThing = 128;
    private const int MaxName = 64;

    public string TopicPrefix => Name.Length == 0 ? $"$aws/things/{Thing}/shadow" : $"$aws/things/{Thing}/shadow/name/{Name}";

    /// <exception cref="Refusal">400 for a name that cannot be.</exception>
    public ShadowKey Checked()
    {
        if (!IsName(Thing, MaxThing, mayHaveDollar: false) || Thing.Length == 0)
        {
            throw new Refusal(400, "InvalidRequestException", $"Invalid thing name: 1 to {MaxThing} of A-Z a-z 0-9 : _ -");
        }

        return IsName(Name, MaxName, mayHaveDollar: true) ? this : throw InvalidName();
    }

    public static Refusal InvalidName() => new(400, "InvalidRequestException", $"Invalid shadow name: 1 to {MaxName} of A-Z a-z 0-9 : _ - $");

    /// <summary>As the service's own words have it.</summary>
    public override string ToString() => Name.Length == 0 ? Thing : $"{Thing}~{Name}";

    private static bool IsName(string name, int max, bool mayHaveDollar) =>
        name.Length <= max && name.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '_' or '-' || (mayHaveDollar && c == '$'));
}
