using System.Net;
using System.Text.RegularExpressions;

namespace IotOps.FleetConsole.Tests.Lab;

/// <summary>A browser without script. It sends Secure cookies over loopback, as browsers do and <see cref="CookieContainer"/> does not.</summary>
internal sealed partial class Visitor(Uri address) : IDisposable
{
    private readonly HttpClient _http = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };

    public Dictionary<string, string> Cookies { get; } = new(StringComparer.Ordinal);

    /// <summary>The Set-Cookie headers as they came.</summary>
    public List<string> SetCookies { get; } = [];

    public HttpClient Http => _http;

    public async Task<string> ReadAsync(string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using HttpResponseMessage response = await GetAsync(path);
        string text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(expected, text.Length > 2_000 ? text[..2_000] : text);
        return text;
    }

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Sends a form, with the token of the page that it is on.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, string page, params (string Name, string Value)[] fields)
    {
        string html = await ReadAnyAsync(page);
        return await PostBareAsync(path, [.. fields, ("csrf", TokenOf(html))]);
    }

    /// <summary>Sends a form with these fields alone.</summary>
    public Task<HttpResponseMessage> PostBareAsync(string path, params (string Name, string Value)[] fields) => SendAsync(new HttpRequestMessage(HttpMethod.Post, path)
    {
        Content = new FormUrlEncodedContent(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value))),
    });

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        if (Cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        HttpResponseMessage response = await _http.SendAsync(request);
        if (response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? set))
        {
            foreach (string cookie in set)
            {
                SetCookies.Add(cookie);
                string[] pair = cookie.Split(';')[0].Split('=', 2);
                if (pair[1].Length == 0)
                {
                    Cookies.Remove(pair[0]);
                }
                else
                {
                    Cookies[pair[0]] = pair[1];
                }
            }
        }

        return response;
    }

    public static string TokenOf(string html) => FormToken().Match(html) is { Success: true } match ? match.Groups["token"].Value : throw new InvalidOperationException("The page has no form.");

    public void Dispose() => _http.Dispose();

    private async Task<string> ReadAnyAsync(string path)
    {
        using HttpResponseMessage response = await GetAsync(path);
        return await response.Content.ReadAsStringAsync();
    }

    [GeneratedRegex("name=\"csrf\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex FormToken();
}
