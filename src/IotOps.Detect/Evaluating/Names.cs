using System.Buffers;

namespace IotOps.Detect.Evaluating;

/// <summary>Names of things, groups, profiles and behaviors share their characters.</summary>
internal static class Names
{
    public static SearchValues<char> Characters { get; } = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_-");
}
