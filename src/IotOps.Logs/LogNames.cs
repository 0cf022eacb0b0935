using System.Buffers;
using System.Runtime.CompilerServices;

namespace IotOps.Logs;

/// <summary>What CloudWatch Logs takes as names: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html and API_CreateLogStream.</summary>
internal static class LogNames
{
    private const int Longest = 512;

    private static readonly SearchValues<char> GroupChars =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-/.#");

    private static readonly SearchValues<char> NotInStreams = SearchValues.Create(":*");

    /// <exception cref="ArgumentException">The service does not take this name.</exception>
    public static void ThrowIfNotGroup(string group, [CallerArgumentExpression(nameof(group))] string name = "")
    {
        ThrowIfNotSized(group, name);
        if (group.AsSpan().ContainsAnyExcept(GroupChars) || group.StartsWith("aws/", StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{group}' is no log group name: letters, digits and _ - / . # only, not beginning with aws/.", name);
        }
    }

    /// <exception cref="ArgumentException">The service does not take this name.</exception>
    public static void ThrowIfNotStream(string stream, [CallerArgumentExpression(nameof(stream))] string name = "")
    {
        ThrowIfNotSized(stream, name);
        if (stream.AsSpan().ContainsAny(NotInStreams))
        {
            throw new ArgumentException($"'{stream}' is no log stream name: it holds a ':' or '*'; put '+' in their place.", name);
        }
    }

    private static void ThrowIfNotSized(string value, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, name);
        if (value.Length > Longest)
        {
            throw new ArgumentException($"A name has at most {Longest} characters, this one has {value.Length}.", name);
        }
    }
}
