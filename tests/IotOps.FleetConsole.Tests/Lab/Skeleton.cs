using System.Text;

namespace IotOps.FleetConsole.Tests.Lab;

/// <summary>The tags of a page and the names of their attributes, without any text.</summary>
internal static class Skeleton
{
    public static string Of(string html)
    {
        var skeleton = new StringBuilder();
        for (int i = html.IndexOf('<', StringComparison.Ordinal); i >= 0; i = html.IndexOf('<', i))
        {
            i++;
            int begin = i;
            while (i < html.Length && !char.IsWhiteSpace(html[i]) && html[i] != '>')
            {
                i++;
            }

            skeleton.Append(html.AsSpan(begin, i - begin));
            i = Attributes(html, i, skeleton);
            skeleton.Append('\n');
        }

        return skeleton.ToString();
    }

    private static int Attributes(string html, int i, StringBuilder skeleton)
    {
        while (i < html.Length && html[i] != '>')
        {
            if (char.IsWhiteSpace(html[i]) || html[i] == '/')
            {
                i++;
                continue;
            }

            int begin = i;
            while (i < html.Length && html[i] is not ('=' or '>' or '/') && !char.IsWhiteSpace(html[i]))
            {
                i++;
            }

            skeleton.Append(' ').Append(html.AsSpan(begin, i - begin));
            if (i < html.Length && html[i] == '=')
            {
                i++;
                char quote = html[i];
                i = quote is '"' or '\'' ? html.IndexOf(quote, i + 1) + 1 : html.IndexOfAny([' ', '>'], i);
            }
        }

        return i;
    }
}
