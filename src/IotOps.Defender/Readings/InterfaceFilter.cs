using IotOps.Shared;

namespace IotOps.Defender.Readings;

/// <summary>Which interfaces' traffic counts.</summary>
internal sealed class InterfaceFilter(IReadOnlyList<string> include, IReadOnlyList<string> exclude)
{
    // Arrays of our own: they cannot change, and walking them allocates nothing.
    private readonly string[] _include = [.. include];
    private readonly string[] _exclude = [.. exclude];

    public bool Counts(string name) => AnyMatches(_include, name) && !AnyMatches(_exclude, name);

    /// <summary>Whether it is to count whatever it lies on, because it is named in full.</summary>
    public bool IsNamed(string name) => Array.IndexOf(_include, name) >= 0;

    private static bool AnyMatches(string[] patterns, string name)
    {
        foreach (string pattern in patterns)
        {
            if (Glob.IsMatch(pattern, name))
            {
                return true;
            }
        }

        return false;
    }
}
