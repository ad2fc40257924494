using System.Security.Cryptography;

namespace KoreConnections.Sandbox;

/// <summary>What the sandbox keeps of a key: masks as the document's samples show them, and a salted hash.</summary>
internal static class KeyMask
{
    /// <summary>As in the sample of a read: <c>sk-***************</c>.</summary>
    public static string Read(string key) => (Shown(key) && key.Length > 3 && key[2] == '-' ? key.Substring(0, 3) : "") + new string('*', 15);

    /// <summary>As in the sample of an answer to a create or change: <c>sk***************MQAA</c>.</summary>
    public static string Written(string key, int stars) => Shown(key)
        ? key.Substring(0, 2) + new string('*', stars) + key.Substring(key.Length - 4)
        : new string('*', stars);

    public static string Hash(string salt, string key)
    {
        using var sha = SHA256.Create();
        return Convert.ToBase64String(sha.ComputeHash(Encoding.UTF8.GetBytes(salt + key)));
    }

    public static string Random(int bytes)
    {
        byte[] buffer = new byte[bytes];
        using var random = RandomNumberGenerator.Create();
        random.GetBytes(buffer);
        return BitConverter.ToString(buffer).Replace("-", "").ToLowerInvariant();
    }

    // Parts of a short key would show too much of it.
    private static bool Shown(string key) => key.Length >= 16;
}
